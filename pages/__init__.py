"""Streamlit pages: one file a desk. Title, inputs, one call, show; no SQL and no rule."""
