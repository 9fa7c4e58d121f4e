"""How alembic reaches the database: by the connection it is handed."""

from alembic import context

from bojagi.storage.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
