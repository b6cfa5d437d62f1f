"""받은 리스트를 바꿈"""
def merge(pieces, pair):
    i = 0
    while i < len(pieces) - 1:
        if (pieces[i], pieces[i + 1]) == tuple(pair):
            pieces[i:i + 2] = [pieces[i] + pieces[i + 1]]
        i += 1
    return pieces
