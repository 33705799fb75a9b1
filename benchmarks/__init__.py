"""Measurements: each script makes its table and plot under results/ again."""
