"""The tests. What Hypothesis draws is the same at every run, and a law holds however busy the machine is."""

from hypothesis import HealthCheck, settings

settings.register_profile("law", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("law")
