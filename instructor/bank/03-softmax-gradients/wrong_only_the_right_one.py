"""정답 문맥만 움직이고 나머지 문맥은 그대로 둠"""
def softmax_gradients(W, C, w, c):
    p = np.exp(C @ W[w])
    p = p / p.sum()
    for_contexts = np.zeros_like(C)
    for_contexts[c] = (p[c] - 1) * W[w]
    return (p[c] - 1) * C[c], for_contexts
