"""May this person lie on a mat today?"""
