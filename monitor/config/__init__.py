"""sources.yaml and the environment → Config and Settings; every mistake at once, with its line."""

from monitor.config.reading import load
from monitor.config.sections import Config, schema
from monitor.config.settings import Settings, exposed, load_settings
from monitor.config.writing import add_source, check_options

__all__ = ["Config", "Settings", "add_source", "check_options", "exposed", "load", "load_settings", "schema"]
