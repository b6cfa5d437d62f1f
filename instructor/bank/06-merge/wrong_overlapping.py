"""한 조각을 두 번 씀(가가가 → 가가, 가가)"""
def merge(pieces, pair):
    result, used = [], False
    for i, piece in enumerate(pieces):
        if i + 1 < len(pieces) and (piece, pieces[i + 1]) == tuple(pair):
            result.append(piece + pieces[i + 1])
            used = True
        elif used:
            used = False
        else:
            result.append(piece)
    return result
