//! Makes pictures that are safe to show of whatever is uploaded.
