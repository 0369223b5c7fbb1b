"""What recordings say, read in the plainest way: the second opinion against which the decoders are held."""
