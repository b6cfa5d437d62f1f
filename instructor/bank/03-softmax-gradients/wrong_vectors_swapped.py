"""문맥의 기울기에 중심 벡터가 아니라 문맥 벡터를 곱함"""
def softmax_gradients(W, C, w, c):
    p = np.exp(C @ W[w])
    p = p / p.sum()
    p[c] -= 1
    return p @ C, p[:, None] * C
