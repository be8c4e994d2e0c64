"""The smallest valid rows; one module for each room."""
