"""An appointment booking and scheduling system for dry needling clinics."""

__version__ = "0.1.0"
