"""The only package that speaks SQL; rows stay inside it."""
