"""목록으로 골라서"""
def most_similar(doc_emb, doc_idx, n=10):
    dists = cosine_distances(doc_emb)[doc_idx]
    return [i for i in sorted(range(len(dists)), key=lambda i: dists[i]) if i != doc_idx][:n]
