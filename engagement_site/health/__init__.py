"""How this installation is doing, for load balancers, monitoring and operators."""
