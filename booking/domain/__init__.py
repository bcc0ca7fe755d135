"""What the clinic's world is and what is true in it: values and pure rules, without I/O, clock or randomness."""
