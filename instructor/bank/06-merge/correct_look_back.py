"""새 리스트의 마지막 조각을 보고 붙임"""
def merge(pieces, pair):
    result, open_ = [], False
    for piece in pieces:
        if open_ and result[-1] == pair[0] and piece == pair[1]:
            result[-1] = pair[0] + pair[1]
            open_ = False
        else:
            result.append(piece)
            open_ = True
    return result
