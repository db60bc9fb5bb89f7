"""sources.yaml and the environment → Config and Settings; every mistake at once, with its line.

`config.writing` puts a new source into the file; it is no part of this, because it loads the careful reader of YAML.
"""

from monitor.config.reading import load
from monitor.config.sections import Config, schema
from monitor.config.settings import Settings, exposed, load_settings

__all__ = ["Config", "Settings", "exposed", "load", "load_settings", "schema"]
