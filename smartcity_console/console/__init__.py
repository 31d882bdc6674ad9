"""The operator's application. The only package that imports Qt."""
