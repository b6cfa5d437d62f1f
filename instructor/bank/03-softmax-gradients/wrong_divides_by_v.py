"""기울기를 어휘의 크기로 나눔"""
def softmax_gradients(W, C, w, c):
    p = np.exp(C @ W[w])
    p = p / p.sum()
    p[c] -= 1
    return p @ C / len(C), np.outer(p, W[w]) / len(C)
