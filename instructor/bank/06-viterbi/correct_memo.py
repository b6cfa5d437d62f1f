"""뒤에서부터 기억하는 재귀"""
def best_cut(word, log_p):
    memory = {len(word): (0.0, ())}

    def rest(i):
        if i not in memory:
            options = []
            for j in range(i + 1, len(word) + 1):
                if word[i:j] in log_p and rest(j) is not None:
                    options.append((log_p[word[i:j]] + rest(j)[0], (word[i:j],) + rest(j)[1]))
            memory[i] = max(options) if options else None
        return memory[i]

    return list(rest(0)[1]) if rest(0) else []
