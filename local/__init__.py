"""What `make run` starts on an operator's own machine. Never shipped to Lambda."""
