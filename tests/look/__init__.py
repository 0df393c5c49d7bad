"""How it looks: templates, stylesheets and scripts."""
