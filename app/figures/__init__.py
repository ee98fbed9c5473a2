"""A posable figure: every exercise's picture, drawn from joint angles by our own code; pure, standard library only."""
