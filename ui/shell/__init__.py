"""What every page uses: session, sign-in, address, runs, dialogs and errors."""
