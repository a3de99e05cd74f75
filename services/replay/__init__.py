"""What the promises would have made of letters that were really written: `bancheng replay FILE`."""
