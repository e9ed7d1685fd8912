"""The laws that every family obeys, as a kit: for your own families, in your own tests."""
