"""로그를 거친 확률과, 하나씩 세는 반복문"""
def sample(logits, temperature, uniforms):
    x = np.array(logits) / temperature
    top = max(x)
    log_p = x - top - np.log(sum(np.exp(x - top)))
    p = np.exp(log_p)
    tokens = []
    for u in uniforms:
        i, total = 0, p[0]
        while u >= total and i < len(p) - 1:
            i += 1
            total += p[i]
        tokens.append(i)
    return p, np.array(tokens)
