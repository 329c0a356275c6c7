-- POST of an application with a document that nobody has used: TAG, the thread, a counter.
dofile(os.getenv("LUA") .. "/report.lua")

local threads = 0
function setup(thread)
  threads = threads + 1
  thread:set("id", threads)
end

local tag = os.getenv("TAG")
local n = 0
wrk.headers["Content-Type"] = "application/json"
if os.getenv("KEY") then wrk.headers["Authorization"] = "Bearer " .. os.getenv("KEY") end

function request()
  n = n + 1
  return wrk.format("POST", "/immigration", nil, string.format(
    '{"name":"Ada Lovelace","dni":"%s%d%07d","lodging":"Hotel Arts","declared_money":1200,"flight_number":"AA123"}', tag, id, n))
end
