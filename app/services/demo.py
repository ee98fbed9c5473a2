"""The demo studios: people with random passwords for each data folder, and clients to look at."""
