"""문맥을 하나씩 돌며"""
def softmax_gradients(W, C, w, c):
    weights = [np.exp(row @ W[w]) for row in C]
    for_word, for_contexts = np.zeros(len(W[w])), np.zeros(C.shape)
    for number, weight in enumerate(weights):
        error = weight / sum(weights) - (number == c)
        for_word += error * C[number]
        for_contexts[number] = error * W[w]
    return for_word, for_contexts
