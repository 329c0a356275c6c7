-- GET of the paths in PATHS (separated by blanks) in turn; or, with WANTED=n, of 2,000 of /dni/W0000001 … /dni/W<n>, chosen at random beforehand:
-- choosing at each request would cost wrk more than the request. KEY is shown to the API, if there is one.
dofile(os.getenv("LUA") .. "/report.lua")

local paths = {}
for path in string.gmatch(os.getenv("PATHS") or "", "%S+") do paths[#paths + 1] = path end
local wanted = tonumber(os.getenv("WANTED"))
if wanted then
  for i = 1, 2000 do paths[i] = string.format("/dni/W%07d", math.random(wanted)) end
end

if os.getenv("KEY") then wrk.headers["Authorization"] = "Bearer " .. os.getenv("KEY") end

-- Made at the first request: before it, wrk does not know the host.
local requests = {}
local n = 0

function request()
  n = n % #paths + 1
  requests[n] = requests[n] or wrk.format("GET", paths[n])
  return requests[n]
end
