"""앞에서부터 그때그때 로그 확률이 가장 큰 조각을 고름"""
def best_cut(word, log_p):
    pieces, i = [], 0
    while i < len(word):
        options = [word[i:j] for j in range(i + 1, len(word) + 1) if word[i:j] in log_p]
        if not options:
            return []
        pieces.append(max(options, key=log_p.get))
        i += len(pieces[-1])
    return pieces
