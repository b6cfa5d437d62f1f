"""거리가 먼 것부터 줄을 세움"""
def most_similar(doc_emb, doc_idx, n=10):
    rank = np.argsort(-cosine_distances(doc_emb[[doc_idx]], doc_emb).flatten())
    return rank[rank != doc_idx][:n]
