"""코사인 거리가 아니라 유클리드 거리로 줄을 세움"""
def most_similar(doc_emb, doc_idx, n=10):
    rank = np.argsort(np.linalg.norm(doc_emb - doc_emb[doc_idx], axis=1))
    return rank[rank != doc_idx][:n]
