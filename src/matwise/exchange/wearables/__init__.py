"""What wearables and apps export, one file per maker: bytes in, readings, recordings and rejected rows out."""
