"""Journeys: what a hotel does with Jack, played on real processes over real HTTP."""
