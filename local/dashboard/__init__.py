"""The stack's own dashboard, drawn on one's own machine from the metric lines of a real run."""
