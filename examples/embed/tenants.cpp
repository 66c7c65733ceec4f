// Scripts of several tenants at once, through classes of C++ that own what enclave.h hands out.
//
//     python -m enclave_subinterp.embed build build/embed
//     c++ -std=c++17 examples/embed/tenants.cpp -o tenants $(python -m enclave_subinterp.embed flags build/embed)
//     ./tenants

#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "enclave.h"

namespace {

struct Free {
    void operator()(enclave *it) const { enclave_free(it); }
    void operator()(enclave_config *it) const { enclave_config_free(it); }
    void operator()(enclave_task *it) const { enclave_task_free(it); }
    void operator()(enclave_result *it) const { enclave_result_free(it); }
};

template <typename T> using Owned = std::unique_ptr<T, Free>;

void check(enclave_status status)
{
    if (status != ENCLAVE_OK) {
        throw std::runtime_error(std::string(enclave_status_name(status)) + ": " + enclave_last_error());
    }
}

class Result {
public:
    explicit Result(enclave_result *result) : result_(result) {}
    bool success() const { return enclave_result_code(result_.get()) == ENCLAVE_CODE_SUCCESS; }
    std::string code() const { return enclave_code_name(enclave_result_code(result_.get())); }
    std::string value() const { return success() ? enclave_result_value(result_.get(), nullptr) : ""; }
    std::string shown() const { return success() ? value() : code(); }

private:
    Owned<enclave_result> result_;
};

class Task {
public:
    explicit Task(enclave_task *task) : task_(task) {}
    void kill() { check(enclave_task_kill(task_.get())); }
    Result wait()
    {
        enclave_result *result = nullptr;
        check(enclave_task_wait(task_.get(), INFINITY, &result));
        return Result(result);
    }

private:
    Owned<enclave_task> task_;
};

// A function that takes and gives JSON; what it throws is the script's ToolError.
using Tool = std::function<std::string(const std::string &)>;

int call_tool(void *user, const char *, const char *arguments, enclave_reply *reply)
{
    try {
        const std::string answer = (*static_cast<Tool *>(user))(arguments);
        return enclave_reply_json(reply, answer.c_str());
    } catch (const std::exception &error) {
        enclave_reply_error(reply, error.what());
        return 1;
    }
}

class Enclave {
public:
    Enclave(double timeout, std::vector<std::pair<std::string, Tool>> tools) : tools_(std::move(tools))
    {
        Owned<enclave_config> config(enclave_config_new());
        check(enclave_config_set_timeout(config.get(), timeout));
        check(enclave_config_set_workers(config.get(), 1, 2));
        for (auto &[name, tool] : tools_) {
            check(enclave_config_add_tool(config.get(), name.c_str(), call_tool, &tool));
        }
        enclave *opened = nullptr;
        check(enclave_open(config.get(), &opened));
        opened_.reset(opened);
    }
    Result run(const std::string &source, const std::string &globals = "{}")
    {
        enclave_result *result = nullptr;
        check(enclave_run(opened_.get(), source.c_str(), 0, globals.c_str(), &result));
        return Result(result);
    }
    Task submit(const std::string &source)
    {
        enclave_task *task = nullptr;
        check(enclave_submit(opened_.get(), source.c_str(), 0, nullptr, &task));
        return Task(task);
    }

private:
    std::vector<std::pair<std::string, Tool>> tools_; // outlives the enclave, which is freed first
    Owned<enclave> opened_;
};

} // namespace

int main()
{
    try {
        std::atomic<int> asked{0};
        Enclave enclave(
            10.0, {{"quota",
                    [&](const std::string &arguments) {
                        asked++;
                        if (arguments.find("\"tenant\":13") != std::string::npos) {
                            throw std::out_of_range("there is no tenant 13");
                        }
                        return std::string("{\"requests\": 100}");
                    }}}
        );
        std::vector<std::string> answers(4);
        std::vector<std::thread> threads;
        for (size_t tenant = 0; tenant < answers.size(); tenant++) {
            threads.emplace_back([&, tenant] {
                const std::string globals = "{\"tenant\": " + std::to_string(tenant + 10) + "}";
                int right = 0;
                for (int i = 0; i < 25; i++) {
                    right += enclave.run("tenant * call_tool('quota', {'tenant': tenant})['requests']", globals).value() ==
                             std::to_string((tenant + 10) * 100);
                }
                answers[tenant] = std::to_string(right) + " of 25";
            });
        }
        for (auto &thread : threads) {
            thread.join();
        }
        for (size_t tenant = 0; tenant < answers.size(); tenant++) {
            std::printf("tenant %zu: %s\n", tenant + 10, answers[tenant].c_str());
        }
        Task endless = enclave.submit("while True: pass");
        endless.kill();
        std::printf("killed: %s\n", endless.wait().shown().c_str());
        std::printf("wrong script: %s\n", enclave.run("nothing").shown().c_str());
        std::printf("asked %d times\n", asked.load());
        Enclave strict(-1.0, {});
    } catch (const std::exception &error) {
        std::printf("%s\n", error.what());
    }
    return 0;
}
