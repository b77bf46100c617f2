"""Spikes on skin: what presses where, how hard."""
