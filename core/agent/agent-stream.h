/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The byte stream between console and agent, below D-Bus: the greeting line,
 * descriptors that nothing else can print to, authentication. */

#define ISS_AGENT_STREAM_GREETING "\n@@org.issuant.Agent1/1 READY\n"
#define ISS_AGENT_STREAM_MAX_NOISE (64 * 1024)

/* agent: first thing in main */
GIOStream        *iss_agent_stream_take_stdio    (GError         **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean          iss_agent_stream_greet         (GIOStream       *stream,
                                                  GError         **error);
/* agent's side of D-Bus */
GDBusConnection  *iss_agent_stream_accept        (GIOStream       *stream,
                                                  GCancellable    *cancellable,
                                                  GError         **error) G_GNUC_WARN_UNUSED_RESULT;

/* socket or pipes; sets O_NONBLOCK */
GIOStream        *iss_agent_stream_new_for_fds   (int              in,
                                                  int              out,
                                                  GError         **error) G_GNUC_WARN_UNUSED_RESULT;
/* console: skip noise, authenticate */
void              iss_agent_stream_connect_async (GIOStream       *stream,
                                                  GCancellable    *cancellable,
                                                  GAsyncReadyCallback callback,
                                                  gpointer         user_data);
GDBusConnection  *iss_agent_stream_connect_finish (GAsyncResult   *result,
                                                  GError         **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
