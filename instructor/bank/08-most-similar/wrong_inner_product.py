"""길이를 맞추지 않은 내적으로 줄을 세움: 긴 벡터가 앞에 옴"""
def most_similar(doc_emb, doc_idx, n=10):
    rank = np.argsort(-(doc_emb @ doc_emb[doc_idx]))
    return rank[rank != doc_idx][:n]
