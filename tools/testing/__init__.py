"""What `make test` and `make platform-test` are made of."""
