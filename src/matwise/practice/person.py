"""Who is using Matwise on this machine."""

# One person, no account: every row still carries a person, so that hosting many needs no other store.
ME = "me"
