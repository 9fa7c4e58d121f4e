"""What the studio remembers: tables, migrations, blobs by digest, backups."""
