"""Matwise: what your acupressure mat does for you."""
