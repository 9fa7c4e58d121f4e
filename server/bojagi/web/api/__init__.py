"""The API of the studio, `/api/v1/`: every verb of the services, and not one rule of its own."""
