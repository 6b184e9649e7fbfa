"""What loading either sample takes: progress, rates, messages in batches, one mark that it is done."""
