"""What the people who run the hall do in a browser: one module a section, behind `/admin`."""
