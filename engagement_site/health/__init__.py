"""How this installation is doing: for a load balancer, for monitoring, for the person woken at night."""
