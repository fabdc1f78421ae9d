"""Measured ratios against named peers and limits, in one run."""
